"""What people see in a terminal while something runs."""
