"""What a figure or a report shows, whatever draws it."""
