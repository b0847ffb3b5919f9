using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>A day, or only that it is so.</summary>
internal readonly record struct DayOrYes(DateOnly? Day);

/// <summary>The forms of all declared types that a file can hold.</summary>
internal static class ValueForms
{
    private const int MaxLine = 500;

    private static readonly string[] AnyText = ["string", "number", "boolean"];

    private static readonly ConcurrentDictionary<Type, ValueForm> Enums = new();

    /// <summary>The form of a declared type; null where it is none of a single value.</summary>
    public static ValueForm? For(Type type, TextForm? text = null)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return Enums.GetOrAdd(type, OfEnum);
        if (type == typeof(string))
            return OfText(text ?? TextForm.Line);
        if (type == typeof(int))
            return text == TextForm.Days ? Days : Integer;
        if (type == typeof(decimal))
            return Fraction;
        if (type == typeof(bool))
            return Truth;
        if (type == typeof(DateOnly))
            return Day;
        if (type == typeof(DayOrYes))
            return DayOrYesForm;
        if (type == typeof(TimeOnly))
            return TimeOfDay;
        if (type == typeof(TimeSpan))
            return Duration;
        if (type == typeof(DateTimeOffset))
            return Instant;
        if (type == typeof(Money))
            return Amount;
        if (type == typeof(QuietHours))
            return Hours;
        if (type == typeof(Season))
            return SeasonForm;
        if (type == typeof(DaySpan))
            return Span;
        if (type == typeof(JsonPath))
            return Path;
        return type == typeof(Uri) ? Address : null;
    }

    /// <summary>The words that <see cref="OrFalseAttribute"/> takes for "not so".</summary>
    public static readonly string NoPattern = "^(" + AnyCase("false", "no", "off") + ")$";

    public static bool SaysNo(string text) => text.ToLowerInvariant() is "false" or "no" or "off";

    /// <summary>An enum's words as files write them: kebab-case, but for clocks, which bear the names of the orders' keys.</summary>
    public static string Word(object member) =>
        (member is ClockEvent ? JsonNamingPolicy.SnakeCaseLower : JsonNamingPolicy.KebabCaseLower).ConvertName(
            member.ToString()!
        );

    private static ValueForm OfText(TextForm text) =>
        text switch
        {
            TextForm.Line => Line,
            TextForm.Lines => Lines,
            TextForm.Secret => Secret,
            TextForm.Id => Id,
            TextForm.Email => Email,
            TextForm.Mailbox => Mailbox,
            TextForm.Country => Country,
            TextForm.Region => Region,
            TextForm.Language => Language,
            TextForm.TimeZone => Zone,
            TextForm.TrackingNumber => Number,
            TextForm.Last4 => Last4,
            TextForm.Listen => Listen,
            TextForm.PageTemplate => PageTemplate,
            TextForm.QuestionTemplate => QuestionTemplate,
            TextForm.Regex => Expression,
            _ => throw new ArgumentOutOfRangeException(nameof(text), text, "no form of a string"),
        };

    private static readonly ValueForm Line = new()
    {
        What = "one line of text",
        JsonTypes = AnyText,
        Parse = t =>
            t.Trim().AsSpan().ContainsAny('\r', '\n') ? Reading.No("must stand on one line.") : Text(t.Trim(), MaxLine),
    };

    private static readonly ValueForm Lines = new()
    {
        What = "text",
        JsonTypes = AnyText,
        Parse = t => Text(t.Trim().ReplaceLineEndings("\n"), ValueForm.MaxLength),
    };

    private static Reading Text(string text, int max) =>
        text.Length == 0 ? new Reading(null)
        : text.Length <= max ? new Reading(text)
        : Reading.No($"is longer than {max} characters.");

    private static readonly ValueForm Secret = new()
    {
        What = "a secret",
        JsonTypes = AnyText,
        Private = true,
        Parse = t => t.Length == 0 ? new Reading(null) : new Reading(t),
    };

    private static readonly ValueForm Id = new()
    {
        What = "an id",
        Examples = ["usb-hub"],
        Rule = "letters, digits, '.', '-' and '_', at most 64",
        JsonTypes = ["string", "number", "boolean"],
        Pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        Parse = t => new Reading(t),
        Mend = t => Reading.No(suggestion: Slug(t)),
    };

    private static readonly ValueForm Email = new()
    {
        What = "a mail address",
        Examples = ["me@example.org"],
        Pattern = @"^[^@\s<>,;:""()]+@[^@\s<>,;:""()]+$",
        Parse = t => MailAddress.TryCreate(t, out _) && t.Length <= 254 ? new Reading(t) : Reading.No(),
        Mend = t => Reading.No(suggestion: MailAddress.TryCreate(t, out var found) ? found.Address : null),
    };

    private static readonly ValueForm Mailbox = new()
    {
        What = "a mail address",
        Examples = ["TrackWatch <me@example.org>"],
        Pattern = @"^[^\r\n@]+@[^\r\n@]+$",
        Parse = t => MailAddress.TryCreate(t, out _) ? new Reading(t) : Reading.No(),
    };

    private static readonly ValueForm Country = new()
    {
        What = "a country code (ISO 3166)",
        Examples = ["TR"],
        Pattern = "^[A-Za-z]{2}$",
        Parse = t =>
            Countries.TryParse(t, out var code)
                ? new Reading(code)
                : Reading.No(
                    suggestion: code == "UK" ? "GB"
                    : code == "EL" ? "GR"
                    : null
                ),
        Mend = t => Reading.No(suggestion: CountryNamed(t)),
    };

    private static readonly ValueForm Region = new()
    {
        What = "a country or a region of one (ISO 3166)",
        Examples = ["TR", "CA-QC", "EU"],
        Pattern = "^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$",
        Parse = t => ReadRegion(t.ToUpperInvariant()),
    };

    private static Reading ReadRegion(string text) =>
        text == "EU" || Countries.TryParse(text[..2], out var country)
            ? new Reading(text)
            : Reading.No(suggestion: country == "UK" ? "GB" : null);

    private static readonly ValueForm Language = new()
    {
        What = "a language",
        Examples = ["tr", "en", "pt-BR"],
        Pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        Parse = t => new Reading(t),
        Mend = t => Reading.No(suggestion: LanguageNamed(t)),
    };

    private static readonly ValueForm Zone = new()
    {
        What = "a time zone (IANA)",
        Examples = ["Europe/Istanbul"],
        Pattern = "^[A-Za-z][A-Za-z0-9_+/-]*$",
        Parse = t =>
            TimeZoneInfo.TryFindSystemTimeZoneById(t, out var zone) && zone.HasIanaId && zone.Id == t
                ? new Reading(t)
                : Reading.No(suggestion: ZoneNear(t)),
        Mend = t => Reading.No(suggestion: ZoneNear(t)),
    };

    private static readonly ValueForm Number = new()
    {
        What = "a tracking number",
        Examples = ["LP00612345678901"],
        Rule = "6 to 40 letters and digits",
        JsonTypes = ["string", "number"],
        Pattern = @"^[\s\S]{6,200}$",
        Parse = t => TrackingNumber.TryParse(t, out var number) ? new Reading(number.Value) : Reading.No(),
    };

    private static readonly ValueForm Last4 = new()
    {
        What = "the last four digits of a card",
        Examples = ["1234"],
        Private = true,
        JsonTypes = ["string", "integer"],
        Numbers = (0, 9999),
        Pattern = "^[0-9]{4}$",
        Parse = t => new Reading(t),
    };

    private static readonly ValueForm Listen = new()
    {
        What = "an address to listen at",
        Examples = ["http://127.0.0.1:8085", "none"],
        Pattern = @"^(none|http://[^\s/]+/?)$",
        Parse = t => t == "none" || Uri.TryCreate(t, UriKind.Absolute, out _) ? new Reading(t) : Reading.No(),
    };

    private static readonly ValueForm Integer = new()
    {
        What = "a whole number",
        JsonTypes = ["integer", "string"],
        Numbers = (-999_999_999, 999_999_999),
        Pattern = "^-?[0-9]{1,9}$",
        Parse = t => new Reading(int.Parse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
    };

    private static readonly ValueForm Fraction = new()
    {
        What = "a number",
        Examples = ["1.4"],
        JsonTypes = ["number", "string"],
        Pattern = @"^[0-9]{1,6}(\.[0-9]{1,4})?$",
        Parse = t => new Reading(decimal.Parse(t, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)),
    };

    private static readonly ValueForm Days = new()
    {
        What = "a number of whole days",
        Examples = ["10d"],
        JsonTypes = ["integer", "string"],
        Numbers = (0, 9999),
        Pattern = "^[0-9]{1,4}d?$",
        Parse = t => new Reading(int.Parse(t.TrimEnd('d'), NumberStyles.None, CultureInfo.InvariantCulture)),
        Write = v => string.Create(CultureInfo.InvariantCulture, $"{v}d"),
    };

    private static readonly ValueForm Truth = new()
    {
        What = "yes or no",
        Examples = ["true", "false"],
        JsonTypes = ["boolean", "string", "integer"],
        Numbers = (0, 1),
        Pattern = "^(" + AnyCase("true", "yes", "on", "false", "no", "off") + "|0|1)$",
        Parse = t => new Reading(t.ToLowerInvariant() is "true" or "yes" or "on" or "1"),
        Write = v => v is true ? "true" : "false",
    };

    private static readonly ValueForm Day = new()
    {
        What = "a day",
        Examples = ["2026-09-14"],
        Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        Parse = ReadDay,
        Mend = t => Reading.No(suggestion: DayNear(t)),
    };

    private static readonly ValueForm Span = new()
    {
        What = "two days",
        Examples = ["2027-02-01/2027-02-20"],
        Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        Parse = t =>
            ReadDay(t[..10]) is var from && !from.Fits ? from
            : ReadDay(t[11..]) is var to && !to.Fits ? to
            : (DateOnly)from.Value! <= (DateOnly)to.Value!
                ? new Reading(new DaySpan((DateOnly)from.Value!, (DateOnly)to.Value!))
            : Reading.No("ends before it begins."),
    };

    private static readonly ValueForm SeasonForm = new()
    {
        What = "two days of any year",
        Examples = ["11-11/01-05"],
        Rule = "month and day; the end may lie in the next year",
        Pattern = "^(0[1-9]|1[0-2])-[0-9]{2}/(0[1-9]|1[0-2])-[0-9]{2}$",
        // A year without 29 February: a season must begin and end in every year.
        Parse = t =>
            ReadDay($"2001-{t[..5]}") is { Fits: true, Value: DateOnly from }
            && ReadDay($"2001-{t[6..]}") is { Fits: true, Value: DateOnly to }
                ? new Reading(new Season(from.Month, from.Day, to.Month, to.Day))
                : Reading.No("names a day that is not in the calendar of every year."),
    };

    private static readonly ValueForm DayOrYesForm = new()
    {
        What = "a day or true",
        Examples = ["2026-11-21", "true"],
        JsonTypes = ["string", "boolean"],
        Pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2}|" + AnyCase("true", "yes", "on", "false", "no", "off") + ")$",
        Parse = t =>
            char.IsAsciiDigit(t[0])
                ? ReadDay(t) is { Fits: true } day
                    ? new Reading(new DayOrYes((DateOnly)day.Value!))
                    : ReadDay(t)
                : t.ToLowerInvariant() is "true" or "yes" or "on"
                    ? new Reading(new DayOrYes(null))
                    : new Reading(null),
        Mend = t => Reading.No(suggestion: DayNear(t)),
    };

    private static readonly ValueForm TimeOfDay = new()
    {
        What = "a time of day",
        Examples = ["08:30"],
        Pattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9]$",
        Parse = t => new Reading(TimeOnly.ParseExact(t, "H:mm", CultureInfo.InvariantCulture)),
        Write = v => ((TimeOnly)v).ToString("HH:mm", CultureInfo.InvariantCulture),
    };

    private static readonly ValueForm Hours = new()
    {
        What = "two times of day",
        Examples = ["22:00-07:30"],
        Pattern = "^([01]?[0-9]|2[0-3]):[0-5][0-9] ?[-–] ?([01]?[0-9]|2[0-3]):[0-5][0-9]$",
        Parse = t =>
        {
            var times = t.Split('-', '–')
                .Select(p => TimeOnly.ParseExact(p.Trim(), "H:mm", CultureInfo.InvariantCulture));
            return times.ToArray() is [var from, var to] && from != to
                ? new Reading(new QuietHours(from, to))
                : Reading.No("begins and ends at the same time; leave quiet_hours out if there are none.");
        },
    };

    private static readonly ValueForm Duration = new()
    {
        What = "a span of time",
        Examples = ["10d", "6h", "90s", "1h30m", "00:01:30"],
        JsonTypes = ["string", "integer"],
        Numbers = (0, 0),
        Pattern = Durations.Pattern,
        Parse = t => Durations.TryParse(t, out var duration) ? new Reading(duration) : Reading.No(),
        Mend = t =>
            t.Length > 0 && t.All(char.IsAsciiDigit)
                ? Reading.No("has no unit; write it like 10d, 6h, 5m or 90s.")
                : Reading.No(),
        Write = v => Durations.Write((TimeSpan)v),
    };

    private static readonly ValueForm Instant = new()
    {
        What = "a time",
        Examples = ["2026-09-20T06:00Z"],
        Rule = "without a zone it is UTC",
        Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$",
        Parse = t =>
            DateTimeOffset.TryParse(
                t,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
                ? new Reading(at)
                : Reading.No("is a time that does not exist."),
    };

    private static readonly ValueForm Amount = new()
    {
        What = "an amount of money",
        Examples = ["23.90 EUR"],
        Pattern = @"^([0-9]{1,15}(\.[0-9]{1,3})? +[A-Za-z]{3}|[A-Za-z]{3} +[0-9]{1,15}(\.[0-9]{1,3})?)$",
        Parse = t =>
            !Money.TryParse(t, out var money)
                ? Reading.No(
                    "has more decimals than the currency; write a thousand without separators, like 1012.40 TRY."
                )
            : Currencies.IsKnown(money.Currency) ? new Reading(money)
            : new Reading(
                money,
                Doubt: $"'{money.Currency}' is no currency code that is known here.",
                Suggestion: Spelling.Closest(money.Currency, Currencies.All)
            ),
        Mend = t => Reading.No(suggestion: MoneyNear(t)),
    };

    private static readonly ValueForm Address = new()
    {
        What = "a web address",
        Examples = ["https://example.org"],
        Pattern = @"^https?://[^\s]+$",
        Parse = t => Uri.TryCreate(t, UriKind.Absolute, out var uri) ? new Reading(uri) : Reading.No(),
        Write = v => ((Uri)v).OriginalString,
    };

    private static readonly ValueForm PageTemplate = new()
    {
        What = "the address of a page with {number} in it",
        Examples = ["https://carrier.example/track?id={number}", "none"],
        Pattern = @"^(none|https?://[^\s{}/?#@]+/[^\s{}]*(\{number\}[^\s{}]*)+)$",
        Parse = t =>
            t == "none" || Uri.TryCreate(t.Replace("{number}", "0", StringComparison.Ordinal), UriKind.Absolute, out _)
                ? new Reading(t)
                : Reading.No(),
    };

    private static readonly ValueForm QuestionTemplate = new()
    {
        What = "the address of an API",
        Examples = ["https://api.carrier.example/v1/track/{number}"],
        Rule =
            "after the host {number}, {country}, {postcode} and {key} may stand; user and password belong into headers",
        Pattern = @"^https?://[^\s{}/?#@]+(/([^\s{}]|\{(number|country|postcode|key)\})*)?$",
        Parse = t =>
            Uri.TryCreate(t.Replace('{', '-').Replace('}', '-'), UriKind.Absolute, out _)
                ? new Reading(t)
                : Reading.No(),
    };

    private static readonly ValueForm Expression = new()
    {
        What = "a regular expression",
        Examples = ["8[0-9]{12}"],
        Rule = "for the whole number; without look-around and back references",
        Parse = t =>
        {
            try
            {
                _ = new Regex(t, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
                return new Reading(t);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                return Reading.No();
            }
        },
    };

    private static readonly ValueForm Path = new()
    {
        What = "a path into JSON",
        Examples = ["$.shipment.events", "place.city", "items[0].code", "scans[*]"],
        Rule = "names with other characters: ['any name']",
        Pattern = JsonPath.Pattern,
        Parse = t => new Reading(JsonPath.Parse(t)),
    };

    private static ValueForm OfEnum(Type type)
    {
        var members = Enum.GetValues(type).Cast<object>().ToDictionary(Word);
        var folded = members.ToDictionary(m => Hyphens(m.Key), m => m.Value);
        return new ValueForm
        {
            What = "a word that is known here",
            Words = [.. members.Keys],
            Pattern =
                "^("
                + string.Join(
                    '|',
                    members.Keys.Select(w => AnyCase(Hyphens(w)).Replace("-", "[-_]", StringComparison.Ordinal))
                )
                + ")$",
            Parse = t => new Reading(folded[Hyphens(t.ToLowerInvariant())]),
            Mend = t => Reading.No(suggestion: Spelling.Closest(t, members.Keys)),
            Write = Word,
        };

        static string Hyphens(string word) => word.Replace('_', '-');
    }

    /// <summary>A pattern for words in any case; JSON Schema's dialect has no switch for it.</summary>
    private static string AnyCase(params string[] words) =>
        string.Join(
            '|',
            words.Select(w =>
                string.Concat(
                    w.Select(c =>
                        char.IsAsciiLetter(c) ? $"[{char.ToLowerInvariant(c)}{char.ToUpperInvariant(c)}]" : $"{c}"
                    )
                )
            )
        );

    private static Reading ReadDay(string text)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Reading.No("is a day that is not in the calendar.");
        return day.Year is >= 2000 and < 2200 ? new Reading(day) : Reading.No("lies too far away; is the year right?");
    }

    private static string? DayNear(string text)
    {
        string[] forms =
        [
            "d.M.yyyy",
            "d MMM yyyy",
            "d MMMM yyyy",
            "MMM d, yyyy",
            "MMMM d, yyyy",
            "yyyy-M-d",
            "yyyy.M.d",
            "yyyy/M/d",
            "yyyyMMdd",
        ];
        var day = text.Length > 10 && text[10] is 'T' or ' ' ? text[..10] : text;
        // 03/04/2026 is the third of April to one and the fourth of March to another.
        if (
            DateOnly.TryParseExact(day, "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var european)
            && european.Day > 12
        )
            return european.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return DateOnly.TryParseExact(
            day,
            [.. forms, "yyyy-MM-dd"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var found
        )
            ? found.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;
    }

    private static string? MoneyNear(string text)
    {
        var match = Regex.Match(text, @"^\s*([^\d\s]*)\s*(\d+)(?:[.,](\d{1,2}))?\s*([^\d\s]*)\s*$");
        if (!match.Success)
            return null;
        var unit = match.Groups[1].Value + match.Groups[4].Value;
        var currency = unit switch
        {
            "€" => "EUR",
            "$" or "US$" => "USD",
            "£" => "GBP",
            "₺" or "TL" or "tl" => "TRY",
            _ => Currencies.IsKnown(unit.ToUpperInvariant()) ? unit.ToUpperInvariant() : null,
        };
        var cents = match.Groups[3].Success ? "." + match.Groups[3].Value : "";
        return currency is null ? null : $"{match.Groups[2].Value}{cents} {currency}";
    }

    private static string? CountryNamed(string name) =>
        name.Equals("Turkey", StringComparison.OrdinalIgnoreCase)
            ? "TR"
            : CultureInfo
                .GetCultures(CultureTypes.SpecificCultures)
                .Select(c => new RegionInfo(c.Name))
                .FirstOrDefault(r =>
                    Countries.TryParse(r.TwoLetterISORegionName, out _)
                    && (
                        name.Equals(r.EnglishName, StringComparison.OrdinalIgnoreCase)
                        || name.Equals(r.NativeName, StringComparison.OrdinalIgnoreCase)
                        || name.Equals(r.ThreeLetterISORegionName, StringComparison.OrdinalIgnoreCase)
                    )
                )
                ?.TwoLetterISORegionName;

    private static string? LanguageNamed(string text)
    {
        var tag = text.Replace('_', '-').Split('.')[0];
        if (tag != text && Regex.IsMatch(tag, "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"))
            return tag;
        return CultureInfo
            .GetCultures(CultureTypes.NeutralCultures)
            .FirstOrDefault(c =>
                c.Name.Length > 0
                && (
                    c.EnglishName.Equals(text, StringComparison.OrdinalIgnoreCase)
                    || c.NativeName.Equals(text, StringComparison.OrdinalIgnoreCase)
                )
            )
            ?.Name;
    }

    private static string? ZoneNear(string text)
    {
        if (TimeZoneInfo.TryConvertWindowsIdToIanaId(text, out var iana))
            return iana;
        var known = TimeZoneInfo.GetSystemTimeZones().Where(z => z.HasIanaId).Select(z => z.Id).ToList();
        var city = text.Replace(' ', '_');
        return known.Find(id => id.Equals(city, StringComparison.OrdinalIgnoreCase))
            ?? known.Find(id => id.EndsWith("/" + city, StringComparison.OrdinalIgnoreCase))
            ?? (city.Contains('/', StringComparison.Ordinal) ? Spelling.Closest(city, known) : null);
    }

    private static string? Slug(string text)
    {
        var slug = Regex.Replace(text.Trim().ToLowerInvariant(), "[^a-z0-9._-]+", "-").Trim('-', '.', '_');
        return slug.Length is > 0 and <= 64 ? slug : null;
    }
}
