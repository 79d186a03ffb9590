"""The book: what every event moved, of money and of liability; all figures of reports are sums of its lines."""
