"""The territory: communes, contours, addresses, authorities, and who is competent for what."""
