"""Merkle trees of a transparency log: the tree (RFC 6962), its tiles and its signed checkpoints (C2SP).

Pure functions of bytes: no database, no Django. `tree` has hashes and proofs, `tiles` how a log is stored and served,
`notes` what is signed.
"""
