"""Writing the agenda: what its shapes ask for, in words; who may write what; tables, and what differs."""
