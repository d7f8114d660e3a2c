"""Where staff hand in what they enter, by tablet or plain form."""
