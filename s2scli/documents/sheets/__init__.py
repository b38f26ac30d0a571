"""Excel's workbooks."""
