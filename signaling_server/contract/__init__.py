"""What outsiders may import of the office: the messages on its sockets."""
