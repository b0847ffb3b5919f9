using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrackWatch.TestKit.Smtp;

/// <summary>A certificate authority of one test run, and a certificate it gave to <c>localhost</c>, by that name only.</summary>
public sealed class TestAuthority
{
    private static readonly Lazy<TestAuthority> One = new(() => new TestAuthority());

    private TestAuthority()
    {
        // Only that certificates be valid by the machine's clock, which checks them: no test reads these dates.
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=TrackWatch tests", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, false));
        using var authority = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        RootPem = authority.ExportCertificatePem();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var server = leaf.Create(authority, now.AddDays(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        // Postfix wants the key first.
        ServerPem = $"{key.ExportPkcs8PrivateKeyPem()}\n{server.ExportCertificatePem()}\n{RootPem}\n";
    }

    public static TestAuthority Instance => One.Value;

    /// <summary>The authority's certificate: the text of a file for <c>SSL_CERT_FILE</c>.</summary>
    public string RootPem { get; }

    /// <summary>Private key, certificate and authority of the server, as servers read them from one file.</summary>
    public string ServerPem { get; }

    public X509Certificate2Collection Roots
    {
        get
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(RootPem);
            return roots;
        }
    }
}
