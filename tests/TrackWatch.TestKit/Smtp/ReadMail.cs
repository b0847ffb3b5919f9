using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace TrackWatch.TestKit.Smtp;

/// <param name="Headers">By name, decoded and unfolded.</param>
/// <param name="Defects">What Python's parser found wrong, as it says it.</param>
public sealed record ReadMail(
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<ReadBox> From,
    IReadOnlyList<ReadBox> To,
    DateTimeOffset Date,
    string Type,
    string Text,
    string Html,
    IReadOnlyList<ReadAttachment> Attachments,
    int LongestLine,
    int BareLineEnds,
    IReadOnlyList<string> Defects
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A mail as another program reads it: Python's <c>email</c> package in a process of its own.</summary>
    public static async Task<ReadMail> FromAsync(ReadOnlyMemory<byte> mail)
    {
        var start = new ProcessStartInfo(SmtpSink.Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(await SmtpSink.ScriptAsync("mail_reader.py"));
        using var python = Process.Start(start)!;
        await python.StandardInput.BaseStream.WriteAsync(mail);
        python.StandardInput.Close();
        var told = python.StandardOutput.ReadToEndAsync();
        var errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        return python.ExitCode == 0
            ? JsonSerializer.Deserialize<ReadMail>(await told, Json)!
            : throw new InvalidOperationException($"Python cannot read the mail: {errors}");
    }
}

public sealed record ReadBox(string Name, string Address);

public sealed record ReadAttachment(string Name, string Type, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
}
