"""What goes out: to other systems, to printers, to the public. Only where a setting says so."""
