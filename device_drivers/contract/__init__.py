"""What each class of device promises, in the words of XFS4IoT. Outsiders import only from here."""
