"""Views, one a file: what the frame shows between its lines."""
