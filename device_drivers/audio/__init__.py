"""How loud sound is. Microphones and loudspeakers themselves are opened by the media process."""
