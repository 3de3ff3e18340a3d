// The scripts are for Linux and macOS, and so are their tests.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
