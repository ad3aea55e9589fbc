"""What is seen: reusable parts of pages."""
