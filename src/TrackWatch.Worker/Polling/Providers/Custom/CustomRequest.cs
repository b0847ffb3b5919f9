using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.Custom;

/// <summary>Makes the question out of the templates of a source.</summary>
internal static partial class CustomRequest
{
    private const string ContentType = "Content-Type";

    public static HttpRequestMessage For(CustomSettings settings, PollQuestion question)
    {
        var request = new HttpRequestMessage(
            settings.Method == CustomMethod.Post ? HttpMethod.Post : HttpMethod.Get,
            new Uri(Fill(settings.Url, settings, question, Uri.EscapeDataString))
        );
        var type = "application/json";
        foreach (var (name, template) in settings.Headers)
        {
            var value = Fill(template, settings, question, text => text);
            if (name.Equals(ContentType, StringComparison.OrdinalIgnoreCase))
                type = value;
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }
        if (settings.Method == CustomMethod.Post)
            request.Content = new StringContent(
                Fill(settings.Body ?? "", settings, question, text => InBody(text, type)),
                Encoding.UTF8
            )
            {
                Headers = { ContentType = MediaTypeHeaderValue.TryParse(type, out var known) ? known : null },
            };
        return request;
    }

    /// <summary>What the question cannot be asked without; null where all is there.</summary>
    public static string? Missing(CustomSettings settings, PollQuestion question) =>
        question.Postcode is null && Uses(settings, "postcode")
            ? "The source wants a postcode; add ship_to: {country: …, postcode: …} to the order."
        : question.Country is null && Uses(settings, "country")
            ? "The source wants a country; add ship_to: {country: …} to the order."
        : null;

    public static bool Uses(CustomSettings settings, string word) =>
        settings.Templates().Any(t => t.Contains($"{{{word}}}", StringComparison.Ordinal));

    /// <summary>The address as it stands, for looking at its host.</summary>
    public static string WithoutWords(string url) => Word().Replace(url, "0");

    private static string Fill(
        string template,
        CustomSettings settings,
        PollQuestion question,
        Func<string, string> written
    ) =>
        Word()
            .Replace(
                template,
                word =>
                    written(
                        word.Groups[1].Value switch
                        {
                            "number" => question.Number,
                            "country" => question.Country ?? "",
                            "postcode" => question.Postcode ?? "",
                            _ => settings.Key ?? "",
                        }
                    )
            );

    private static string InBody(string text, string type) =>
        type.Contains("urlencoded", StringComparison.OrdinalIgnoreCase)
            ? Uri.EscapeDataString(text)
            : JsonEncodedText.Encode(text).ToString();

    [GeneratedRegex(@"\{(number|country|postcode|key)\}")]
    private static partial Regex Word();
}
