using System.Collections.Concurrent;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Says once for each code that no table knows it, and each time that events had to be left out.</summary>
internal sealed partial class ReadingLog(string source, ILogger logger)
{
    private const int WordsRemembered = 1000;

    private readonly ConcurrentDictionary<string, byte> _unknownWords = new();

    public void Note(SourceReading reading, string number)
    {
        foreach (var word in reading.UnknownWords)
            if (_unknownWords.Count < WordsRemembered && _unknownWords.TryAdd(word, 0))
                UnknownWord(source, word, number);
        if (reading.UnreadableEvents > 0)
            UnreadableEvents(reading.UnreadableEvents, number, source);
    }

    [LoggerMessage(
        212,
        LogLevel.Warning,
        "{Source} uses a word that no table knows: {Word} (first seen at {Number}). The event is kept; the parcel keeps its status."
    )]
    private partial void UnknownWord(string source, string word, string number);

    [LoggerMessage(
        213,
        LogLevel.Warning,
        "{Count} event(s) of {Number} at {Source} were left out: they carry no time that can be read"
    )]
    private partial void UnreadableEvents(int count, string number, string source);
}
