"""The public agenda in the forms others read: tables, OC4IDS, goals of sustainable development."""
