"""Who wants to be told of disruptions, of which ones, and when."""
