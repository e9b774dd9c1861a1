"""The limits of the communes, from the national commune API."""
