namespace TrackWatch.Domain.Polling.Numbers;

/// <summary>What fingers and eyes do to a number: every text one slip away, in the order in which such slips are likely.</summary>
internal static class Slips
{
    // Digits that look alike, or lie side by side on a keyboard or a keypad.
    private static readonly string[] Near =
    [
        /* 0 */"896",
        /* 1 */"724",
        /* 2 */"1375",
        /* 3 */"8245",
        /* 4 */"9157",
        /* 5 */"6432",
        /* 6 */"5890",
        /* 7 */"1468",
        /* 8 */"3069",
        /* 9 */"4806",
    ];

    public static IEnumerable<string> Of(string number) =>
        SwappedNeighbours(number)
            .Concat(LettersForDigits(number))
            .Concat(OneTooMany(number))
            .Concat(OneTooFew(number))
            .Concat(WrongDigit(number, near: true))
            .Concat(WrongDigit(number, near: false));

    private static IEnumerable<string> SwappedNeighbours(string number)
    {
        for (var i = 0; i + 1 < number.Length; i++)
            if (number[i] != number[i + 1])
                yield return $"{number[..i]}{number[i + 1]}{number[i]}{number[(i + 2)..]}";
    }

    private static IEnumerable<string> LettersForDigits(string number)
    {
        for (var i = 0; i < number.Length; i++)
            foreach (var alike in LookAlikes.Of(number[i]))
                yield return Replaced(number, i, alike);
    }

    /// <summary>A character that stands twice, written once.</summary>
    public static IEnumerable<string> BouncedKeys(string number) =>
        Enumerable.Range(1, number.Length - 1).Where(i => number[i] == number[i - 1]).Select(i => number.Remove(i, 1));

    /// <summary>A key that bounced comes before any other character too many.</summary>
    private static IEnumerable<string> OneTooMany(string number) =>
        BouncedKeys(number).Concat(Enumerable.Range(0, number.Length).Select(i => number.Remove(i, 1)));

    /// <summary>A repeated digit written once comes before any other digit left out.</summary>
    private static IEnumerable<string> OneTooFew(string number) =>
        from @case in Enumerable
            .Range(0, number.Length + 1)
            .SelectMany(_ => "0123456789", (at, digit) => (At: at, Digit: digit))
            .OrderBy(@case => @case.At > 0 && number[@case.At - 1] == @case.Digit ? 0 : 1)
        select number.Insert(@case.At, @case.Digit.ToString());

    private static IEnumerable<string> WrongDigit(string number, bool near)
    {
        for (var i = 0; i < number.Length; i++)
            if (char.IsAsciiDigit(number[i]))
                foreach (var digit in near ? Near[number[i] - '0'] : "0123456789")
                    if (digit != number[i])
                        yield return Replaced(number, i, digit);
    }

    private static string Replaced(string number, int at, char by) => $"{number[..at]}{by}{number[(at + 1)..]}";
}

/// <summary>Letters and digits that eyes and scanners take for each other.</summary>
internal static class LookAlikes
{
    private static readonly (char Letter, char Digit)[] Pairs =
    [
        ('O', '0'),
        ('I', '1'),
        ('B', '8'),
        ('S', '5'),
        ('Z', '2'),
        ('G', '6'),
        ('L', '1'),
        ('Q', '0'),
        ('D', '0'),
    ];

    /// <summary>The likeliest first.</summary>
    public static IEnumerable<char> Of(char c) =>
        Pairs.Where(p => p.Letter == c || p.Digit == c).Select(p => p.Letter == c ? p.Digit : p.Letter);
}
