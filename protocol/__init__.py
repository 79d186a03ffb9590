"""The platform's language: cryptography, envelopes, connections, journal, delivery."""
