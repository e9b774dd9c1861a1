"""CSV files left on an SFTP server: requests for a business application that imports files."""
