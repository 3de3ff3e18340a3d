using Microsoft.Extensions.Options;

namespace Streams.Grains.Workers;

/// <summary>
/// The secrets that profiles use as <c>{secret.NAME}</c>: a file of that name in the secrets folder, else the silo's variable
/// <c>STREAMS_SECRET_NAME</c>. They are read at each start, so that a changed one needs no restart of the silo.
/// </summary>
internal sealed class ProfileSecrets(IOptions<WorkerOptions> options)
{
    /// <summary>What the variables' names begin with.</summary>
    public const string VariablePrefix = "STREAMS_SECRET_";

    private const int MaxLength = 64 * 1024;

    /// <summary>The secret, or null and why there is none.</summary>
    public (string? Value, string? Problem) Find(string name)
    {
        if (options.Value.SecretsFolder is { Length: > 0 } folder)
        {
            string file = Path.Combine(folder, name);
            try
            {
                if (File.Exists(file))
                {
                    return new FileInfo(file).Length <= MaxLength
                        ? (File.ReadAllText(file).TrimEnd('\r', '\n'), null)
                        : (null, $"{file} is larger than {MaxLength} bytes");
                }
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return (null, $"{file} cannot be read: {unreadable.Message}");
            }
        }

        string? value = Environment.GetEnvironmentVariable(VariablePrefix + name) ?? Environment.GetEnvironmentVariable(VariablePrefix + name.ToUpperInvariant());
        return value is null
            ? (null, $"there is neither a file {name} in {WorkerOptions.Section}:{nameof(WorkerOptions.SecretsFolder)} nor a variable {VariablePrefix}{name.ToUpperInvariant()}")
            : (value, null);
    }
}
