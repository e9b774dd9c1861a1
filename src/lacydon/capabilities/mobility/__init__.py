"""Transport: what is planned, what really happens, and how sure of it we are."""
