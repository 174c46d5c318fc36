"""Door, presence sensor, SOS button and lights, as Linux shows them: gpio-keys or a USB board of buttons, and leds."""
