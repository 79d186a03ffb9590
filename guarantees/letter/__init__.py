"""A letter, or another paper of the institution: plain values in, a signed PDF out. It knows no model."""
