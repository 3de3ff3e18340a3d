using Streams.Api.Configuration;

namespace Streams.Api.Access;

/// <summary>Reads the words of one secret; null, and errors that do not repeat it, when they are wrong.</summary>
/// <param name="where">Where they stand, as errors begin.</param>
/// <param name="words">The words of a line, or the values of the configuration in the same order.</param>
/// <param name="errors">What is wrong is added to it.</param>
internal delegate T? ReadSecret<T>(string where, string[] words, List<string> errors)
    where T : class;

/// <summary>Reads the secrets of one kind: those of the configuration, and those of a file that has one a line.</summary>
/// <param name="what">What one is, for errors: <c>token</c> or <c>key</c>.</param>
/// <param name="configured">Those of the configuration, with the setting of each.</param>
/// <param name="file">The file's path; empty for none.</param>
/// <param name="setting">The setting that names the file.</param>
/// <param name="read">Reads one.</param>
internal sealed class SecretSource<T>(string what, IEnumerable<(string Where, string[] Words)> configured, string file, string setting, ReadSecret<T> read)
    where T : class
{
    /// <summary>The file's path; empty for none.</summary>
    public string File => file;

    /// <summary>All secrets, with the file as it is now.</summary>
    /// <param name="errors">What is wrong is added to it.</param>
    public IReadOnlyList<T> Read(List<string> errors)
    {
        if (file.Length == 0)
        {
            return Parse(configured, errors);
        }

        (string? text, string? error) = SettingsText.Read(file);
        if (text is not null)
        {
            return Read(text, errors);
        }

        IReadOnlyList<T> secrets = Parse(configured, errors);
        errors.Add($"{setting}: {error}");
        return secrets;
    }

    /// <summary>All secrets, with this text as the file's.</summary>
    /// <param name="text">The text.</param>
    /// <param name="errors">What is wrong is added to it.</param>
    public IReadOnlyList<T> Read(string text, List<string> errors)
    {
        IReadOnlyList<T> secrets = [.. Parse(configured, errors), .. Parse(SettingsText.Lines(text).Select(line => ($"{file}, line {line.Number}", line.Words)), errors)];

        // A file that is being written is empty for a moment: that must not end everybody's access.
        if (!SettingsText.Lines(text).Any())
        {
            errors.Add($"{file} holds no {what}.");
        }

        return secrets;
    }

    private List<T> Parse(IEnumerable<(string Where, string[] Words)> secrets, List<string> errors) =>
        [.. secrets.Select(secret => read(secret.Where, secret.Words, errors)).OfType<T>()];
}
