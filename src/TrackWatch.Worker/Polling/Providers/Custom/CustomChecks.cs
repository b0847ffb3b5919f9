using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Polling.Asking;
using TrackWatch.Worker.Polling.Providers.Custom;

namespace TrackWatch.Worker.Configuration;

/// <summary>What no single key of <c>providers.custom</c> can know.</summary>
internal sealed partial class CustomChecks(Places places, Problems problems)
{
    /// <summary>Headers that the connection or TrackWatch itself answers for.</summary>
    private static readonly string[] NotYours =
    [
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Cookie",
        "User-Agent",
        "Expect",
        "Upgrade",
    ];

    private static readonly string[] BuiltIn =
    [
        .. ProvidersSettings.BuiltIn,
        ProviderIds.Cainiao,
        ProviderIds.SeventeenTrack,
        ProviderIds.AfterShip,
        ProviderIds.Ship24,
        ProviderIds.TrackingMore,
        ProviderIds.Dhl,
        ProviderIds.Simulated,
        "custom",
    ];

    public void Check(IReadOnlyDictionary<string, CustomSettings> sources)
    {
        foreach (var (id, source) in sources)
        {
            CheckId(sources, id);
            // A required key that is missing was told; the rest is looked at once it is there.
            if (source is not { Url: not null, List: not null, Time: not null })
                continue;
            var at = $"providers.custom.{id}";
            CheckAddress(at, source);
            CheckTemplates(at, source);
            CheckHeaders(at, source);
            CheckMeanings(at, source);
            CheckNotFound(at, source);
            if (source.TimeFormat is { } format && !CustomTime.IsFormat(format))
                problems.Error(
                    places.Of(source, nameof(source.TimeFormat)),
                    $"{at}.time_format: no day can be written and read back by it; write it like dd.MM.yyyy HH:mm:ss, unix or unix_ms "
                        + "(MM is the month, mm the minute, HH the hour)."
                );
        }
    }

    private void CheckId(IReadOnlyDictionary<string, CustomSettings> sources, string id)
    {
        if (BuiltIn.Contains(id))
            problems.Error(
                places.Of(sources, id),
                $"providers.custom: '{id}' is a source of the program; give yours another name.",
                $"my-{id}"
            );
        else if (!IdForm().IsMatch(id) || id.Length > 32)
            problems.Error(
                places.Of(sources, id),
                $"providers.custom: '{id}' cannot be an id; use lower-case words like la-poste, at most 32 characters."
            );
    }

    private void CheckAddress(string at, CustomSettings source)
    {
        var where = places.Of(source, nameof(source.Url));
        if (source.AllowPrivate)
            return;
        if (source.Url.StartsWith("http:", StringComparison.Ordinal))
            problems.Error(
                where,
                $"{at}.url: over http everybody on the way can read and change it; write https, "
                    + "or set allow_private: true for a server of your own."
            );
        if (
            IPAddress.TryParse(new Uri(CustomRequest.WithoutWords(source.Url)).Host.Trim('[', ']'), out var address)
            && !PublicNetwork.Has(address)
        )
            problems.Error(
                where,
                $"{at}.url: {address} is no address of the public internet; set allow_private: true if it is a server of your own."
            );
    }

    private void CheckTemplates(string at, CustomSettings source)
    {
        if (!CustomRequest.Uses(source, "number"))
            problems.Error(
                places.Of(source, nameof(source.Url)),
                $"{at}.url: {{number}} is missing; it stands in the url or in the body."
            );
        if (source is { Method: CustomMethod.Get, Body: not null })
            problems.Error(
                places.Of(source, nameof(source.Body)),
                $"{at}.body: a GET sends none; add method: POST, or remove the body."
            );
        if (source.Enabled && source.NeedsKey() && string.IsNullOrWhiteSpace(source.Key))
            problems.Warning(
                places.Of(source),
                $"{at}: it uses {{key}} and has none, so it is not asked; set key, "
                    + $"or TRACKWATCH__PROVIDERS__CUSTOM__{id(at)}__KEY__FILE naming a file with it."
            );
        if (source.Key is not null && !source.NeedsKey())
            problems.Warning(
                places.Of(source, nameof(source.Key)),
                $"{at}.key: nothing uses it; put {{key}} where it belongs, such as headers: {{Authorization: \"Bearer {{key}}\"}}."
            );

        static string id(string at) => at[(at.LastIndexOf('.') + 1)..].ToUpperInvariant().Replace('-', '_');
    }

    private void CheckHeaders(string at, CustomSettings source)
    {
        foreach (var (name, value) in source.Headers)
        {
            var where = places.Of(source.Headers, name);
            if (!HeaderName().IsMatch(name))
                problems.Error(where, $"{at}.headers: '{name}' cannot be the name of a header.");
            else if (NotYours.Contains(name, StringComparer.OrdinalIgnoreCase))
                problems.Error(where, $"{at}.headers: {name} is not yours to set; remove it.");
            if (value.Any(char.IsControl))
                problems.Error(where, $"{at}.headers.{name}: the value (not shown) must stand on one line.");
        }
    }

    private void CheckMeanings(string at, CustomSettings source)
    {
        if (source.StatusMap.Count == 0 || source.Code.Count == 0)
            problems.Warning(
                places.Of(source),
                $"{at}: without code and status_map no status is ever known: a delivered parcel is watched on."
            );
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (code, meaning) in source.StatusMap)
        {
            var where = places.Of(source.StatusMap, code);
            if (!seen.TryAdd(CustomReading.Normal(code), code))
                problems.Error(
                    where,
                    $"{at}.status_map: '{code}' is the same as '{seen[CustomReading.Normal(code)]}'; case and blanks do not count."
                );
            if (meaning.Status is ParcelStatus.NotFound)
                problems.Error(where, $"{at}.status_map.{code}: an event cannot be not-found; see not_found.");
        }
    }

    private void CheckNotFound(string at, CustomSettings source)
    {
        for (var i = 0; i < source.NotFound.Count; i++)
        {
            var (rule, where) = (source.NotFound[i], places.Of(source.NotFound, i));
            if (rule.Http.Count == 0 == rule.Path is null)
                problems.Error(
                    where,
                    $"{at}.not_found: each is either http: [404] or path: …, with value: … beside it."
                );
            if (rule is { Path: null, Value.Count: > 0 })
                problems.Error(where, $"{at}.not_found: 'path' is missing beside 'value'.");
            foreach (var status in rule.Http.Where(s => s is < 200 or > 599 or 401 or 403 or 407 or 429))
                problems.Error(
                    where,
                    $"{at}.not_found.http: {status.ToString(CultureInfo.InvariantCulture)} never says that a number is not known."
                );
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]*([_-][a-z0-9]+)*$")]
    private static partial Regex IdForm();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]
    private static partial Regex HeaderName();
}
