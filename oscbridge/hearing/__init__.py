"""What an analysis is made of: sound in, beats, sections and affect out, one module a part."""
