using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Configuration;

namespace Streams.Api.MediaMtxAuth;

/// <summary>The publish keys that are valid now: those of the configuration, and those of the file as it was last usable.</summary>
internal sealed class PublishKeys : ISettingsFile
{
    /// <summary>Stands in the file for every stream that has no key of its own.</summary>
    public const string Others = "*";

    private readonly SecretSource<PublishKey> _source;
    private volatile FrozenDictionary<string, HashedSecret[]> _current;

    public PublishKeys(IOptions<MediaAuthOptions> options)
    {
        _source = SourceOf(options.Value);
        _current = Freeze(_source.Read([]));
    }

    public string File => _source.File;

    /// <summary>All that is wrong with the keys of the configuration and of its file; it never repeats one.</summary>
    public static List<string> FindErrors(MediaAuthOptions options)
    {
        List<string> errors = [];
        SourceOf(options).Read(errors);
        if (options.ReadKey.Length > 0)
        {
            SecretForm.Check($"{MediaAuthOptions.Section}:{nameof(options.ReadKey)}", "key", options.ReadKey, errors);
        }

        return errors;
    }

    public IReadOnlyList<string> Apply(string text)
    {
        List<string> errors = [];
        IReadOnlyList<PublishKey> all = _source.Read(text, errors);
        if (errors.Count == 0)
        {
            _current = Freeze(all);
        }

        return errors;
    }

    /// <summary>The keys of a stream; without any of its own those of all others; none when there are no such either.</summary>
    public IReadOnlyList<HashedSecret> Of(StreamId streamId) =>
        _current.GetValueOrDefault(streamId.Value) ?? _current.GetValueOrDefault(Others) ?? [];

    private static FrozenDictionary<string, HashedSecret[]> Freeze(IEnumerable<PublishKey> keys) => keys
        .GroupBy(static key => key.Stream, static key => key.Secret, StringComparer.Ordinal)
        .ToFrozenDictionary(static stream => stream.Key, static stream => stream.ToArray(), StringComparer.Ordinal);

    private static SecretSource<PublishKey> SourceOf(MediaAuthOptions options)
    {
        List<(string Where, string[] Words)> configured =
            [.. options.PublishKeys.Select(static pair => ($"{MediaAuthOptions.Section}:{nameof(options.PublishKeys)}:{pair.Key}", (string[])[pair.Key, pair.Value]))];
        if (options.DefaultPublishKey.Length > 0)
        {
            configured.Add(($"{MediaAuthOptions.Section}:{nameof(options.DefaultPublishKey)}", [Others, options.DefaultPublishKey]));
        }

        return new("key", configured, options.KeyFile, $"{MediaAuthOptions.Section}:{nameof(options.KeyFile)}", Read);
    }

    private static PublishKey? Read(string where, string[] words, List<string> errors)
    {
        if (words is not [var stream, var key])
        {
            errors.Add($"{where}: a line is 'streamId key'.");
            return null;
        }

        int before = errors.Count;
        if (stream != Others && !StreamId.TryParse(stream, out _))
        {
            errors.Add($"{where}: a stream id must match {StreamId.Pattern}; {Others} stands for all others.");
        }

        SecretForm.Check(where, "key", key, errors);
        return errors.Count == before ? new PublishKey(stream, new HashedSecret(key)) : null;
    }

    private sealed record PublishKey(string Stream, HashedSecret Secret);
}
