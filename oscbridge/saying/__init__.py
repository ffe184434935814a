"""What the composer is made of: values that are held, what people turn, what is said when."""
