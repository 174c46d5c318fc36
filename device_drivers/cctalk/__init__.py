"""ccTalk: coin acceptors and bill validators on one wire, plain, with CRC and enciphered."""
