"""What is kept between runs: journals and translation memories."""
