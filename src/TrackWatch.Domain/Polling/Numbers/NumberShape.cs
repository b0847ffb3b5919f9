namespace TrackWatch.Domain.Polling.Numbers;

/// <summary>
/// What stands at each place of a number of one length. A family writes it in words with a blank between them:
/// <list type="table">
/// <item><term><c>1Z</c></term><description>exactly these letters and digits</description></item>
/// <item><term><c>[AC1-5]</c></term><description>one of these</description></item>
/// <item><term><c>#3</c>, <c>@3</c>, <c>*3</c></term><description>three digits, letters, or either; <c>#3-5</c> three to five (once in a shape)</description></item>
/// <item><term><c>service:#2</c></term><description>a part with a name</description></item>
/// <item><term><c>( … )</c></term><description>the body that the check digit is reckoned from</description></item>
/// <item><term><c>!</c>, <c>!*</c></term><description>the check digit; the check character, digit or letter</description></item>
/// </list>
/// Each place is a set of bits, so holding a number against a shape is one look at each character: there is nothing to go back to.
/// </summary>
internal sealed class NumberShape
{
    private const ulong Digits = (1UL << 10) - 1;
    private const ulong Letters = ((1UL << 26) - 1) << 10;

    private readonly ulong[] places;
    private readonly Dictionary<string, Range> parts;
    private readonly Range body;
    private readonly int check;

    private NumberShape(ulong[] places, Dictionary<string, Range> parts, Range body, int check)
    {
        this.places = places;
        this.parts = parts;
        this.body = body;
        this.check = check;
        Lead = places.TakeWhile(p => p is not (Digits or Letters or (Digits | Letters))).Count();
    }

    public int Length => places.Length;
    public bool HasCheck => check >= 0;

    /// <summary>So many places at its beginning do not take any digit or letter: the prefix.</summary>
    public int Lead { get; }

    /// <summary>Some place takes a letter.</summary>
    public bool HasLetters => Array.Exists(places, p => (p & Letters) != 0);

    /// <param name="number">Values: 0 to 9, and 10 to 35 for A to Z.</param>
    public bool Matches(ReadOnlySpan<byte> number) => number.Length == Length && Begins(number, Length);

    public bool HasLeadOf(ReadOnlySpan<byte> number) => number.Length >= Lead && Begins(number, Lead);

    public ReadOnlySpan<byte> Body(ReadOnlySpan<byte> number) => number[body];

    public byte CheckValue(ReadOnlySpan<byte> number) => number[check];

    /// <returns>Null where the shape has no such part.</returns>
    public string? Part(string number, string name) => parts.TryGetValue(name, out var range) ? number[range] : null;

    /// <summary>The text with every look-alike of the wrong kind read as what belongs there: <c>O</c> among digits is 0.</summary>
    /// <returns>Null where that does not help.</returns>
    public string? Mend(string text)
    {
        if (text.Length != Length)
            return null;
        var mended = text.ToCharArray();
        for (var i = 0; i < mended.Length; i++)
            if (!Takes(i, mended[i]))
            {
                if (LookAlikes.Of(mended[i]).FirstOrDefault(c => Takes(i, c)) is var meant and not '\0')
                    mended[i] = meant;
                else
                    return null;
            }
        return new string(mended);
    }

    /// <summary>
    /// It begins like this shape with its prefix, and is one character longer or shorter or has look-alikes in the wrong places.
    /// </summary>
    public bool IsAlmost(string text)
    {
        if (text.Length == Length)
            return StartsLike(text) && Mend(text) is not null;
        return Math.Abs(text.Length - Length) == 1
            && StartsLike(text)
            && text.AsSpan(Lead, text.Length - Lead - Tail).IndexOfAnyExceptInRange('0', '9') < 0
            && EndsLike(text);
    }

    /// <summary>So many places at its end take one character only: the suffix.</summary>
    private int Tail => Lead == Length ? 0 : places.Reverse().TakeWhile(System.Numerics.BitOperations.IsPow2).Count();

    private bool StartsLike(string text)
    {
        for (var i = 0; i < Lead; i++)
            if (!Takes(i, text[i]))
                return false;
        return true;
    }

    private bool EndsLike(string text)
    {
        for (var i = 1; i <= Tail; i++)
            if (!Takes(Length - i, text[^i]))
                return false;
        return true;
    }

    /// <summary>A number of this shape with what is asked for at each place; for tests and examples.</summary>
    /// <param name="pick">Picks one of so many.</param>
    public string Make(Func<int, int> pick)
    {
        var made = new char[Length];
        for (var i = 0; i < made.Length; i++)
        {
            var choice = Enumerable.Range(0, 36).Where(v => (places[i] >> v & 1) != 0).ToList();
            made[i] = Values.Char((byte)choice[pick(choice.Count)]);
        }
        return new string(made);
    }

    /// <summary>The number with its check character put right.</summary>
    public string WithCheck(string number, NumberCheckRule rule)
    {
        Span<byte> values = stackalloc byte[number.Length];
        Values.Of(number, values);
        return $"{number[..check]}{Values.Char(rule.CharacterOf(Body(values)))}{number[(check + 1)..]}";
    }

    private bool Begins(ReadOnlySpan<byte> number, int length)
    {
        for (var i = 0; i < length; i++)
            if ((places[i] >> number[i] & 1) == 0)
                return false;
        return true;
    }

    private bool Takes(int place, char c) => (places[place] >> Values.Of(c) & 1) != 0;

    /// <summary>One shape for each length that the words allow.</summary>
    /// <exception cref="FormatException">The words are not in the notation.</exception>
    public static IEnumerable<NumberShape> Parse(string words)
    {
        var tokens = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (from, to) = (0, 0);
        foreach (var token in tokens)
            if (
                Counted(token[(token.IndexOf(':', StringComparison.Ordinal) + 1)..]) is { } counted
                && counted.Least != counted.Most
            )
                (from, to) =
                    from == 0
                        ? (counted.Least, counted.Most)
                        : throw new FormatException($"'{words}': only one part may be of several lengths");
        for (var length = from; length <= to; length++)
            yield return Build(words, tokens, length);
    }

    private static NumberShape Build(string words, string[] tokens, int variable)
    {
        var places = new List<ulong>();
        var parts = new Dictionary<string, Range>();
        var (start, end, check) = (-1, -1, -1);
        foreach (var named in tokens)
        {
            var before = places.Count;
            var colon = named.IndexOf(':', StringComparison.Ordinal);
            var token = named[(colon + 1)..];
            if (token == "(")
                start = before;
            else if (token == ")")
                end = before;
            else if (token is "!" or "!*")
            {
                check = before;
                places.Add(token == "!" ? Digits : Digits | Letters);
            }
            else if (Counted(token) is { } counted)
                places.AddRange(
                    Enumerable.Repeat(counted.Kind, counted.Least == counted.Most ? counted.Least : variable)
                );
            else if (token[0] == '[' && token[^1] == ']')
                places.Add(OneOf(token[1..^1]));
            else
                places.AddRange(token.Select(c => 1UL << Values.Of(c)));
            if (colon > 0)
                parts[named[..colon]] = before..places.Count;
        }
        if ((start < 0) != (check < 0) || start > end)
            throw new FormatException($"'{words}': a check digit needs a body in brackets, and the other way round");
        return new NumberShape([.. places], parts, start < 0 ? 0..0 : start..end, check);
    }

    private static (ulong Kind, int Least, int Most)? Counted(string token)
    {
        ulong? kind = token.FirstOrDefault() switch
        {
            '#' => Digits,
            '@' => Letters,
            '*' => Digits | Letters,
            _ => null,
        };
        if (kind is null)
            return null;
        var bounds = token[1..].Split('-');
        return (kind.Value, Number(bounds[0]), Number(bounds[^1]));

        static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ulong OneOf(string set)
    {
        var places = 0UL;
        for (var i = 0; i < set.Length; i++)
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                for (var c = set[i]; c <= set[i + 2]; c++)
                    places |= 1UL << Values.Of(c);
                i += 2;
            }
            else
                places |= 1UL << Values.Of(set[i]);
        return places;
    }
}

/// <summary>Letters and digits as numbers: 0 to 9, and 10 to 35 for A to Z.</summary>
internal static class Values
{
    /// <exception cref="FormatException">No ASCII digit or upper-case letter.</exception>
    public static byte Of(char c) =>
        c switch
        {
            >= '0' and <= '9' => (byte)(c - '0'),
            >= 'A' and <= 'Z' => (byte)(c - 'A' + 10),
            _ => throw new FormatException($"'{c}' is neither a digit nor an upper-case letter"),
        };

    public static void Of(ReadOnlySpan<char> text, Span<byte> values)
    {
        for (var i = 0; i < text.Length; i++)
            values[i] = Of(text[i]);
    }

    public static char Char(byte value) => (char)(value < 10 ? '0' + value : 'A' + value - 10);
}
