"""ClamAV: an antivirus that looks at each file people send."""
