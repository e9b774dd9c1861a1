"""Asking sources of real time: which, whose turn, what they said."""
