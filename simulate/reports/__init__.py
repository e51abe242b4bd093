"""The report: one HTML file with interactive charts."""
