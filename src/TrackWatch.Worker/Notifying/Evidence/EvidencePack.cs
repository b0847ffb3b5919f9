using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>One file of the evidence.</summary>
/// <param name="Name">Relative, with <c>/</c> between folder and file.</param>
internal sealed record EvidenceFile(string Name, byte[] Bytes)
{
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));
}

/// <summary>The evidence of one order as files; equal records give equal bytes.</summary>
internal sealed class EvidencePack
{
    /// <summary>What <c>sha256sum -c</c> reads.</summary>
    public const string Manifest = "SHA256SUMS";

    // The first day that a zip file can write.
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public EvidencePack(string name, DateTimeOffset asOf, IEnumerable<EvidenceFile> files)
    {
        (Name, AsOf) = (name, asOf);
        var sorted = files.OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        var sums = string.Concat(sorted.Select(f => $"{f.Sha256}  {f.Name}\n"));
        Files = [.. sorted, new EvidenceFile(Manifest, Encoding.UTF8.GetBytes(sums))];
    }

    /// <summary><c>evidence-usb-hub</c>: fit for a file's name.</summary>
    public string Name { get; }

    public DateTimeOffset AsOf { get; }

    /// <summary>By name; the manifest of all others comes last.</summary>
    public IReadOnlyList<EvidenceFile> Files { get; }

    /// <summary>All files in one; their times are the record's, so that equal records are equal bytes.</summary>
    public byte[] ToZip()
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
            foreach (var file in Files)
            {
                var entry = zip.CreateEntry(file.Name, CompressionLevel.Optimal);
                entry.LastWriteTime = AsOf < Earliest ? Earliest : AsOf.ToUniversalTime();
                entry.ExternalAttributes = Convert.ToInt32("100644", 8) << 16;
                using var content = entry.Open();
                content.Write(file.Bytes);
            }
        return bytes.ToArray();
    }

    /// <summary>An id or a number as part of a file's name.</summary>
    public static string FileName(string id)
    {
        var safe = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return safe.Trim('.', '-') is { Length: > 0 } name ? name[..Math.Min(name.Length, 80)] : "order";
    }

    /// <summary><c>20261122T143600Z</c>.</summary>
    public static string FileName(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
