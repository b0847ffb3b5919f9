using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>
/// Reads bytes into <see cref="YamlNode"/>s. Works on the parser's events, because YamlDotNet's own node tree stops at the
/// first duplicate key and follows aliases. Whatever the bytes are, trouble ends up as problems, never as an exception.
/// </summary>
internal static class YamlText
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxDepth = 24;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The content of a file; null where it holds nothing (empty, only comments) or cannot be read at all.</summary>
    /// <param name="file">The name that problems carry.</param>
    public static YamlNode? Read(string file, ReadOnlySpan<byte> bytes, Problems problems)
    {
        if (Decode(file, bytes, problems) is not { } text || !IsCleanText(file, text, problems))
            return null;
        return new Reader(file, text, problems).ReadDocument();
    }

    /// <summary>Reads at most one byte more than allowed, so that a huge file costs nothing.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[MaxBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }

    private static string? Decode(string file, ReadOnlySpan<byte> bytes, Problems problems)
    {
        if (bytes.Length > MaxBytes)
        {
            problems.Error(new Place(file, 1, 1), "The file is larger than 1 MiB. Split it; nothing of it was read.");
            return null;
        }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            problems.Error(new Place(file, 1, 1), "The file is written in UTF-16. Save it as UTF-8.");
            return null;
        }
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes[..Math.Clamp(e.Index, 0, bytes.Length)];
            var start = before.LastIndexOf((byte)'\n') + 1;
            problems.Error(
                new Place(file, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[start..]) + 1),
                "These bytes are not UTF-8. Save the file as UTF-8."
            );
            return null;
        }
    }

    /// <summary>YAML forbids control characters; PostgreSQL refuses some, and a terminal obeys others.</summary>
    private static bool IsCleanText(string file, string text, Problems problems)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                (line, start) = (line + 1, i + 1);
            if (!char.IsControl(text[i]) || text[i] is '\n' or '\r' or '\t' or '\u0085')
                continue;
            problems.Error(new Place(file, line, i - start + 1), $"{Spell(text[i])} does not belong in a text file.");
            return false;
        }
        return true;
    }

    private static string Spell(char c) =>
        string.Create(CultureInfo.InvariantCulture, $"The control character U+{(int)c:X4}");

    private sealed class Reader(string file, string text, Problems problems)
    {
        private readonly Parser parser = new(new StringReader(text));

        public YamlNode? ReadDocument()
        {
            try
            {
                parser.Consume<StreamStart>();
                if (parser.Accept<StreamEnd>(out _))
                    return null;
                parser.Consume<DocumentStart>();
                var root = ReadNode(depth: 0);
                parser.Consume<DocumentEnd>();
                if (parser.Accept<DocumentStart>(out var second))
                    problems.Error(
                        PlaceOf(second.Start),
                        "A second document begins here ('---'); one file holds one document."
                    );
                return root is { IsNothing: true } ? null : root;
            }
            catch (TooDeepException e)
            {
                problems.Error(PlaceOf(e.At), $"Lists and keys are nested more than {MaxDepth} deep.");
            }
            catch (YamlException e)
            {
                var at = PlaceOf(e.Start);
                if (TabbedLine(at.Line, e) is { } tabbed)
                    problems.Error(new Place(file, tabbed, 1), "This line is indented with a tab. YAML wants spaces.");
                else
                    problems.Error(at, Explain(e));
            }
            // The parser answers some broken flow lists ("[x" and then a key) with exceptions that are none of its own.
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
            {
                var at = PlaceOf(parser.Current?.Start ?? Mark.Empty);
                problems.Error(
                    at,
                    "What begins here is not closed or not valid YAML; look for a missing ']', '}' or quote."
                );
            }
            return null;
        }

        private YamlNode ReadNode(int depth)
        {
            // None of these is repeated in the message: a password may begin with such a character.
            if (parser.TryConsume<AnchorAlias>(out var alias))
                return Refuse(
                    alias.Start,
                    "References (*name) are not read here; write the value out, or put it in quotes."
                );
            if (!parser.Accept<NodeEvent>(out var node))
                throw new YamlException(parser.Current!.Start, parser.Current.End, "a value was expected here.");
            if (depth > MaxDepth)
                throw new TooDeepException(node.Start);
            var at = PlaceOf(node.Start);
            if (!node.Anchor.IsEmpty)
                problems.Error(at, "Marks (&name) are not read here; remove it, or put the value in quotes.");
            if (!node.Tag.IsEmpty)
                problems.Error(at, "Tags (!name) are not read here; remove it, or put the value in quotes.");

            if (parser.TryConsume<Scalar>(out var scalar))
                return ReadScalar(at, scalar);
            return parser.TryConsume<SequenceStart>(out _) ? ReadSequence(at, depth) : ReadMapping(at, depth);
        }

        private YamlUnusable Refuse(Mark mark, string why)
        {
            problems.Error(PlaceOf(mark), why);
            return new YamlUnusable(PlaceOf(mark));
        }

        private YamlNode ReadScalar(Place at, Scalar scalar)
        {
            // Escapes ("\0") can write what the file itself may not hold.
            foreach (var c in scalar.Value)
            {
                if (!char.IsControl(c) || c is '\n' or '\r' or '\t' or '\u0085')
                    continue;
                problems.Error(at, $"{Spell(c)} does not belong in a value.");
                return new YamlUnusable(at);
            }
            return new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        private YamlSequence ReadSequence(Place at, int depth)
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(depth + 1));
            return new YamlSequence(at, items);
        }

        private YamlMapping ReadMapping(Place at, int depth)
        {
            parser.Consume<MappingStart>();
            var mapping = new YamlMapping(at);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = ReadNode(depth + 1);
                var value = ReadNode(depth + 1);
                if (key is not YamlScalar name)
                {
                    if (key is not YamlUnusable)
                        problems.Error(key.At, "A key must be a word.");
                }
                else if (mapping.KeyOf(name.Text) is { } first)
                    problems.Error(
                        name.At,
                        $"'{name.Text}' stands twice here; the first is on line {first.At.Line}. Keep one of them."
                    );
                // "<<: *other" has had its problem at the reference.
                else if (!(name.Text == "<<" && value is YamlUnusable))
                    mapping.Set(name, value);
            }
            return mapping;
        }

        private Place PlaceOf(Mark mark) => new(file, Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

        /// <summary>The parser's words turned into what to do, for the slips people make most.</summary>
        private static string Explain(YamlException e)
        {
            var said = e.Message;
            if (
                said.Contains("found invalid mapping", StringComparison.Ordinal)
                || said.Contains("Mapping values are not allowed", StringComparison.OrdinalIgnoreCase)
            )
                return "A value with ': ' in it must stand in quotes, and every key on a line of its own.";
            if (said.Contains("cannot start any token", StringComparison.Ordinal))
                return "A value may not begin with this character; put the value in quotes.";
            if (said.Contains("unexpected end of stream", StringComparison.Ordinal))
                return "The quote that opens here is never closed.";
            if (said.Contains("did not find expected key", StringComparison.Ordinal))
                return "This line is indented differently from the lines above it.";
            return $"This is not valid YAML: {said}";
        }

        /// <summary>The line whose indentation holds a tab, where that is the trouble; the parser blames what began before it.</summary>
        private int? TabbedLine(int from, YamlException e)
        {
            var anyBelow = e.Message.Contains("tab", StringComparison.Ordinal);
            var line = 0;
            foreach (var content in text.AsSpan().EnumerateLines())
            {
                line++;
                if (line < from)
                    continue;
                if (line > from + 1 && !anyBelow)
                    break;
                if (content[..^content.TrimStart().Length].Contains('\t') && !content.Trim().IsEmpty)
                    return line;
            }
            return null;
        }
    }

    private sealed class TooDeepException(Mark at) : Exception
    {
        public Mark At { get; } = at;
    }
}
