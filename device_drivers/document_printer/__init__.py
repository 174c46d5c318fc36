"""A4 printers through CUPS, by IPP: the print service knows the hardware, we watch the job to its end."""
