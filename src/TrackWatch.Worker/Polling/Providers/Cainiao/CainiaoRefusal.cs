using System.Text;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

/// <summary>What a body that answers nothing says instead (facts.md 1.4).</summary>
internal static class CainiaoRefusal
{
    private const int LookedAt = 64 * 1024;

    private static readonly string[] CaptchaMarks =
    [
        "_____tmd_____",
        "punish-component",
        "rgv587",
        "x5secdata",
        "fail_sys_user_validate",
        "baxia",
        "nocaptcha",
        "slidecaptcha",
    ];

    private static readonly string[] SlowDownMarks = ["LIMIT", "FLOW", "RGV587", "FAIL_SYS"];

    public static readonly PollOutcome.Blocked Captcha = new(
        "The source shows a captcha. TrackWatch leaves it alone for a while and tries again by itself."
    );

    /// <summary>True for a page where JSON was due.</summary>
    public static bool IsPage(HttpAnswer.Answered answer) =>
        answer.MediaType?.Contains("json", StringComparison.Ordinal) == false
        || answer.Body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];

    public static bool ShowsCaptcha(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.Latin1.GetString(body.Span[..Math.Min(body.Length, LookedAt)]);
        return CaptchaMarks.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The outcome of a body that holds no parcel that was asked for, and is no list without it either.</summary>
    public static PollOutcome Of(ReadOnlyMemory<byte> body)
    {
        if (ShowsCaptcha(body))
            return Captcha;
        try
        {
            using var json = JsonDocument.Parse(body);
            var code = string.Join(
                ' ',
                new[] { json.RootElement.Text("errorCode") }
                    .Concat(json.RootElement.Items("ret").Select(word => word.Text()))
                    .Where(word => !string.IsNullOrWhiteSpace(word))
            );
            var said =
                $"The source says: {Words.Shown(code)} {Words.Shown(json.RootElement.Text("errorMsg"))}".TrimEnd();
            if (SlowDownMarks.Any(mark => code.Contains(mark, StringComparison.OrdinalIgnoreCase)))
                return new PollOutcome.Throttled(said);
            return new PollOutcome.Failed(code.Length > 0 ? said : "The answer holds no list of parcels.");
        }
        catch (JsonException)
        {
            return new PollOutcome.Failed("The answer is no complete JSON.");
        }
    }
}
