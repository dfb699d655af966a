# The host under test.
export DOTNET_ROOT=/dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0

xendmhost() { /dotnet/dotnet /share/host/xendmhost.dll "$@"; }
stand_in() { /dotnet/dotnet /share/simulation/xendmhost-sim.dll stand-in "$@"; }
