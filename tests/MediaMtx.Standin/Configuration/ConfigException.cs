namespace MediaMtx.Standin.Configuration;

/// <summary>A configuration that cannot be used. The message is shown to the user as it is.</summary>
internal sealed class ConfigException(string message) : Exception(message);
