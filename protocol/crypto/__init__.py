"""The Chinese national algorithms: SM2, SM3, SM4, and keys as they are exchanged. Bytes in, bytes out."""
