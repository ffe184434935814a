"""What users have taught, kept safely: lessons, what they come to, and the files they stand in."""
