using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Configuration;

namespace Streams.Api.MediaMtxAuth;

/// <summary>The publish keys that are valid now: those of the configuration, and those of the file as it was last usable.</summary>
internal sealed partial class PublishKeys : ISettingsFile
{
    /// <summary>Stands in the file for every stream that has no key of its own.</summary>
    public const string Others = "*";

    private readonly List<(string Stream, string Key)> _configured;
    private volatile FrozenDictionary<string, HashedSecret[]> _current;

    public PublishKeys(IOptions<MediaAuthOptions> options)
    {
        File = options.Value.KeyFile;
        _configured = OfConfiguration(options.Value, []);
        _current = Freeze([.. _configured, .. OfFile(File, [])]);
    }

    public string File { get; }

    /// <summary>All that is wrong with the keys of the configuration and of its file; it never repeats one.</summary>
    public static List<string> FindErrors(MediaAuthOptions options)
    {
        List<string> errors = [];
        OfConfiguration(options, errors);
        OfFile(options.KeyFile, errors);
        if (options.ReadKey.Length > 0)
        {
            CheckKey($"{MediaAuthOptions.Section}:{nameof(options.ReadKey)}", options.ReadKey, errors);
        }

        return errors;
    }

    public IReadOnlyList<string> Take(string text)
    {
        List<string> errors = [];
        List<(string Stream, string Key)> all = [.. _configured, .. OfText(File, text, errors)];
        if (errors.Count == 0)
        {
            _current = Freeze(all);
        }

        return errors;
    }

    /// <summary>The keys of a stream; without any of its own those of all others; none when there are no such either.</summary>
    public IReadOnlyList<HashedSecret> Of(StreamId streamId) =>
        _current.GetValueOrDefault(streamId.Value) ?? _current.GetValueOrDefault(Others) ?? [];

    private static FrozenDictionary<string, HashedSecret[]> Freeze(IEnumerable<(string Stream, string Key)> keys) => keys
        .GroupBy(static key => key.Stream, static key => new HashedSecret(key.Key), StringComparer.Ordinal)
        .ToFrozenDictionary(static stream => stream.Key, static stream => stream.ToArray(), StringComparer.Ordinal);

    private static List<(string Stream, string Key)> OfConfiguration(MediaAuthOptions options, List<string> errors)
    {
        List<(string Stream, string Key)> keys = [.. options.PublishKeys.Select(static pair => (pair.Key, pair.Value))];
        foreach ((string stream, string key) in keys)
        {
            Check($"{MediaAuthOptions.Section}:{nameof(options.PublishKeys)}:{stream}", stream, key, errors);
        }

        if (options.DefaultPublishKey.Length > 0)
        {
            CheckKey($"{MediaAuthOptions.Section}:{nameof(options.DefaultPublishKey)}", options.DefaultPublishKey, errors);
            keys.Add((Others, options.DefaultPublishKey));
        }

        return keys;
    }

    private static List<(string Stream, string Key)> OfFile(string file, List<string> errors)
    {
        if (file.Length == 0)
        {
            return [];
        }

        (string? text, string? error) = SettingsText.Read(file);
        if (text is null)
        {
            errors.Add($"{MediaAuthOptions.Section}:{nameof(MediaAuthOptions.KeyFile)}: {error}");
            return [];
        }

        return OfText(file, text, errors);
    }

    private static List<(string Stream, string Key)> OfText(string file, string text, List<string> errors)
    {
        List<(string Stream, string Key)> keys = [];
        foreach ((int number, string[] words) in SettingsText.Lines(text))
        {
            if (words is [var stream, var key])
            {
                Check($"{file}, line {number}", stream, key, errors);
                keys.Add((stream, key));
            }
            else
            {
                errors.Add($"{file}, line {number}: a line is 'streamId key'.");
            }
        }

        // A file that is being written is empty for a moment: that must not refuse everybody.
        if (keys.Count == 0 && errors.Count == 0)
        {
            errors.Add($"{file} holds no key.");
        }

        return keys;
    }

    private static void Check(string where, string stream, string key, List<string> errors)
    {
        if (stream != Others && !StreamId.TryParse(stream, out _))
        {
            errors.Add($"{where}: a stream id must match {StreamId.Pattern}; {Others} stands for all others.");
        }

        CheckKey(where, key, errors);
    }

    private static void CheckKey(string where, string key, List<string> errors)
    {
        if (!KeyPattern().IsMatch(key))
        {
            errors.Add($"{where}: the key must be 16 to 256 of A-Z a-z 0-9 . _ ~ - (openssl rand -hex 24 makes one).");
        }
    }

    // Nothing that must be escaped in a URL: publishers carry it there.
    [GeneratedRegex(@"^[A-Za-z0-9._~-]{16,256}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}
