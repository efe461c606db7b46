export const load = ({ params }: { params: { token: string } }): { token: string } => ({
  token: params.token,
})
