"""The Chinese national algorithms: SM2, SM3, SM4, and keys in the forms in which they are exchanged. Bytes in, bytes out."""
