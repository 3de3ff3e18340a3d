using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Streams.Api.Pages;

/// <summary>
/// Static files of the pages (style, scripts, icon), embedded in this assembly. All have one version in their address, made of all their contents:
/// browsers keep them for good, and never mix those of two versions. <c>MapStaticAssets</c> gives each file a version of its own, which the scripts'
/// relative imports would not find without an import map, and needs files beside the program.
/// </summary>
internal static class PageAssets
{
    private const string Prefix = "Streams.Api.Pages.";

    private static readonly FrozenDictionary<string, byte[]> Contents = Load();

    private static readonly string Version = MakeVersion();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{version}/{name}", Get);

    /// <summary>Its address, from the service's root on.</summary>
    public static string UrlOf(string name) => Contents.ContainsKey(name)
        ? $"/assets/{Version}/{name}"
        : throw new ArgumentException($"No page has the part '{name}'.", nameof(name));

    /// <summary>Its text.</summary>
    public static string TextOf(string name) => System.Text.Encoding.UTF8.GetString(Contents[name]);

    internal static IResult Get(string version, string name, HttpResponse response)
    {
        if (version != Version || !Contents.TryGetValue(name, out byte[]? content))
        {
            return TypedResults.NotFound();
        }

        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        FileContentHttpResult answer = TypedResults.Bytes(content, TypeOf(name));
        return answer;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"The type of {name} is not known."),
    };

    private static FrozenDictionary<string, byte[]> Load()
    {
        Assembly assembly = typeof(PageAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(static name => name[Prefix.Length..], name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string MakeVersion()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in Contents.Keys.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Contents[name]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
