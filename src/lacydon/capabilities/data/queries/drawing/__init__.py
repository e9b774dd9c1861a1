"""Looking at rows: what the address of a page asks for, as a question; and its answer as a table, a chart or a map."""
