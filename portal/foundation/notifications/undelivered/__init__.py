"""What could not be delivered (没有送达的): sent again or given up by hand, one or many, each act written down."""
