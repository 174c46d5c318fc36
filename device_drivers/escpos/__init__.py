"""ESC/POS receipt printers: Custom VKP80/TG, Epson, Citizen, Star in ESC/POS mode."""
