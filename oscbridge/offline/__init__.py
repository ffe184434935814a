"""What ``oscbridge analyze`` makes of files: records, and the reports and pictures of them."""
