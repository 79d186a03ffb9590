"""What is asked of applicants, and the link by which they answer."""
