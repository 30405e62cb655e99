import { useTheme } from '@mui/material/styles';

/** The mark of the product: water held back in the upper left, let down to the lower right. */
export const BrandMark = ({ size = 28 }: { readonly size?: number }) => {
  const { palette } = useTheme();
  const water = palette.primary.contrastText;
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill={palette.primary.main} />
      <g fill="none" stroke={water} strokeWidth="3" strokeLinecap="round">
        <path d="M6 10.5h9.5c5.2 0 3.2 11 10.5 11" />
        <path d="M6 16h5.5c5 0 3 5.5 7 5.5" strokeOpacity=".75" />
        <path d="M6 21.5h4" strokeOpacity=".5" />
      </g>
    </svg>
  );
};
